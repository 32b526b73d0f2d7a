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

export const AGENCIES = ['H12.32025', 'H12.31825', 'H12.31834', 'H12.31840', 'H12.31843', 'H12.31849', 'H12.06'];
export const WARDS = AGENCIES.filter((code) => code.length > 6).map((code) => code.slice(4));
