/*
 * Two members of a replica set, played over one server: each answers `hello` as a member does that is
 * primary or not, refuses what only a primary does, and passes the rest on. MONGODB_URL names the server
 * when the set is opened, and the set from then on. The rules of discovery and the codes are those of
 * MongoDB's "Server Discovery And Monitoring".
 */
import { once } from 'node:events';
import net from 'node:net';
import { BSON, ObjectId } from 'mongodb';
import { detour, serverOf } from './address.mjs';

const OP_REPLY = 1, OP_QUERY = 2004, OP_MSG = 2013;
const HEAD = 16; // bytes of a message: length, id, answered id, operation
const BODY = HEAD + 5; // flags, and the kind of the first section
const WRITES = ['insert', 'update', 'delete', 'createIndexes', 'dropIndexes', 'dropDatabase'];

const ANYWHERE = ['ping', 'saslStart', 'saslContinue', 'authenticate', 'endSessions'];

const NOT_PRIMARY = { ok: 0, code: 10107, codeName: 'NotWritablePrimary', errmsg: 'not primary' };
const TOO_YOUNG = { ok: 0, code: 134, codeName: 'ReadConcernMajorityNotAvailableYet', errmsg: 'not possible yet' };
const INTERRUPTED = { ok: 0, code: 11602, codeName: 'InterruptedDueToReplStateChange', errmsg: 'operation was interrupted' };

export class ReplicaSet {
  primary = 0; // its index; undefined: none is elected
  taken = [0, 0]; // commands that each passed on
  refused = 0; // commands that came to a member that is not primary
  interrupt = 0; // of so many writes to come the effect stands, and the answer is that the primary went
  young = 0; // of so many reads to come the answer is that it is not known yet what a majority has
  #elections = 1;
  #members;
  #upstream;

  async open() {
    this.#upstream = serverOf(process.env.MONGODB_URL);
    this.#members = [0, 1].map((index) => net.createServer((client) => this.#serve(client, index)));
    for (const member of this.#members) {
      member.listen(0, '127.0.0.1');
      await once(member, 'listening');
    }
    const [first, second] = this.#hosts();
    process.env.MONGODB_URL = detour(process.env.MONGODB_URL, first.split(':')[1])
      .replace(first, `${first},${second}`)
      .replace('directConnection=true', 'replicaSet=tram');
  }

  elect(index) {
    this.primary = index;
    this.#elections++;
  }

  end() {
    for (const member of this.#members ?? []) member.close();
  }

  #hosts() {
    return this.#members.map((member) => `127.0.0.1:${member.address().port}`);
  }

  #hello(index) {
    const hosts = this.#hosts(), primary = this.primary === index;
    return {
      ok: 1, helloOk: true, ismaster: primary, isWritablePrimary: primary, secondary: !primary,
      setName: 'tram', setVersion: 1, hosts, me: hosts[index],
      ...(this.primary !== undefined && { primary: hosts[this.primary] }),
      ...(primary && { electionId: new ObjectId(this.#elections.toString(16).padStart(24, '0')) }),
      maxBsonObjectSize: 16777216, maxMessageSizeBytes: 48000000, maxWriteBatchSize: 100000,
      localTime: new Date(), minWireVersion: 0, maxWireVersion: 8, readOnly: false,
    };
  }

  async #serve(client, index) {
    const server = net.connect(this.#upstream.port, this.#upstream.host);
    const ends = [client, server];
    for (const end of ends) end.on('error', () => {}).on('close', () => ends.forEach((one) => one.destroy()));
    const answers = messages(server);
    for await (const message of messages(client)) {
      const own = this.#own(message, index);
      if (own) {
        client.write(own);
        continue;
      }
      const spoilt = this.interrupt > 0 && WRITES.includes(commandOf(message));
      this.interrupt -= spoilt;
      this.taken[index]++;
      server.write(message);
      const { value, done } = await answers.next();
      if (done) return;
      client.write(spoilt ? answer(message, INTERRUPTED) : value);
    }
  }

  /* What the member answers itself. */
  #own(message, index) {
    const command = commandOf(message);
    if (['hello', 'ismaster', 'isMaster'].includes(command)) return answer(message, this.#hello(index));
    if (this.primary !== index && !ANYWHERE.includes(command)) {
      this.refused++;
      return answer(message, NOT_PRIMARY);
    }
    if (command !== 'find' || this.young === 0) return undefined;
    this.young--;
    return answer(message, TOO_YOUNG);
  }
}

async function* messages(socket) {
  let rest = Buffer.alloc(0);
  try {
    for await (const bytes of socket) {
      rest = Buffer.concat([rest, bytes]);
      while (rest.length >= HEAD && rest.length >= rest.readUInt32LE(0)) {
        const n = rest.readUInt32LE(0);
        yield rest.subarray(0, n);
        rest = rest.subarray(n);
      }
    }
  } catch {
    // the other side is gone
  }
}

/* The name of the first field of the command's document. */
function commandOf(message) {
  let at = BODY;
  if (message.readUInt32LE(12) === OP_QUERY) at = message.indexOf(0, HEAD + 4) + 1 + 8; // flags, name; two numbers
  const name = at + 4 + 1; // of the document its length; of the field its type
  return message.toString('latin1', name, message.indexOf(0, name));
}

function answer(message, json) {
  const document = BSON.serialize(json);
  const head = Buffer.alloc(HEAD);
  const legacy = message.readUInt32LE(12) === OP_QUERY;
  const between = legacy ? Buffer.alloc(20) : Buffer.alloc(5);
  if (legacy) between.writeUInt32LE(1, 16); // one document
  head.writeUInt32LE(HEAD + between.length + document.length, 0);
  head.writeUInt32LE(message.readUInt32LE(4), 8);
  head.writeUInt32LE(legacy ? OP_REPLY : OP_MSG, 12);
  return Buffer.concat([head, between, document]);
}
