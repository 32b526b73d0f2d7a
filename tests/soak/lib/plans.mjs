/*
 * What is done to a report after it was filed, and who is told. Rows follow the transition table of
 * domain/report/transitions.c; only one person at a time has the next step of a report.
 */

/* A step: who takes it, its verb, what its body needs, whether the reporter is told, and whether its
 * words stay inside the agency. */
const receive = { by: 'officer', verb: 'receive', told: true };
const ask = { by: 'officer', verb: 'ask', note: true, told: true };
const supply = { by: 'citizen', verb: 'supply', note: true };
const answer = { by: 'officer', verb: 'answer', note: true, told: true };
const rate = { by: 'citizen', verb: 'rate', note: true, rating: true };
const reopen = { by: 'citizen', verb: 'reopen', note: true };
const publish = { by: 'officer', verb: 'publish', told: true };
const unpublish = { by: 'officer', verb: 'unpublish' };
const assign = { by: 'leader', verb: 'assign', officer: true, told: true };
const transfer = { by: 'officer', verb: 'transfer', reason: 'other_area', move: true, told: true };
const reject = { by: 'officer', verb: 'reject', reason: 'no_content', note: true, told: true };
const withdraw = { by: 'citizen', verb: 'withdraw' };
const toLeader = { ...answer, told: false, inside: true };
const sendBack = { by: 'leader', verb: 'send_back', note: true, inside: true };
const approve = { by: 'leader', verb: 'approve', told: true };
const proven = { ...answer, proof: true };

/* By a ward, without proof: how often, and the steps. */
const WARD = [
  [6, [receive, answer, rate]],
  [3, [receive, ask, supply, answer]],
  [3, [receive, publish, answer, rate]],
  [2, [receive, publish, unpublish, answer]],
  [2, [assign, answer, reopen, receive, answer]],
  [3, [transfer, receive, answer]],
  [1, [receive, reject]],
  [1, [withdraw]],
  [1, []],
];

/* What a report is about, which agency has it, and what happens then. An agency without a ward's
 * number takes its reports from the whole province. */
export const KINDS = [
  [8, { category: 'an_ninh_trat_tu', ward: true, plans: WARD }],
  [1, { category: 'dien_chieu_sang', ward: true, answers: { danger: true }, plans: [[1, [receive, proven, rate]]] }],
  [2, { category: 'gop_y_hien_ke', agency: 'H12.06', plans: [[2, [receive, toLeader, approve]], [1, [receive, toLeader, sendBack, toLeader, approve, rate]]] }],
];

/*
 * The same for a dossier: a certificate of marital status, whose form is filled in online and whose fee is
 * paid at the desk. Rows follow domain/dossier/transitions.c.
 */
const take = { by: 'officer', verb: 'take', told: true };
const pay = { by: 'officer', verb: 'pay', body: { amount: 15000, reference: 'BL 01' }, told: true };
const supplement = { by: 'officer', verb: 'supplement', note: true, asks: 'to_khai', told: true };
const handIn = { by: 'citizen', verb: 'supply', gives: 'to_khai', told: true };
const finish = { by: 'leader', verb: 'finish', note: true, result: 'giay_xac_nhan', told: true };
const deny = { by: 'leader', verb: 'deny', note: true, told: true };
const collect = { by: 'citizen', verb: 'collect', told: true };
const handOver = { by: 'officer', verb: 'hand_over', note: true, told: true };
const refuse = { by: 'officer', verb: 'refuse', reason: 'not_complete', note: true, told: true };
const askOut = { by: 'citizen', verb: 'withdraw', note: true, told: true };
const release = { by: 'officer', verb: 'release', told: true };
const takeBack = { ...withdraw, told: true };
const keep = { by: 'citizen', verb: 'keep', told: true };

export const DOSSIERS = [
  [5, [receive, take, pay, finish, collect, rate]],
  [3, [receive, pay, take, supplement, handIn, finish, handOver]],
  [2, [receive, take, deny, rate]],
  [2, [supplement, handIn, receive, take, pay, finish, collect]],
  [1, [receive, take, askOut, release]],
  [1, [receive, take, askOut, keep, pay, finish]],
  [1, [refuse, rate]],
  [1, [takeBack]],
  [1, []],
];

export const AGENCIES = ['H12.32025', 'H12.31825', 'H12.31834', 'H12.31840', 'H12.31843', 'H12.31849', 'H12.06'];
export const WARDS = AGENCIES.filter((code) => code.length > 6).map((code) => code.slice(4));
