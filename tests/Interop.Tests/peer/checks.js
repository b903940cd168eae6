// What grpc-js must see when it calls our server.
import assert from 'node:assert/strict';
import grpc from '@grpc/grpc-js';

const MiB = 1024 * 1024;
const trailerBytes = Buffer.from([0, 1, 0xfe, 0xff]);

const soon = (milliseconds) => ({ deadline: Date.now() + milliseconds });

/** Resolves with the answer and the trailers, rejects with the status. */
const unary = (client, method, request, options = {}) => new Promise((resolve, reject) => {
  let answer;
  const call = client[method](request, options, (error, value) => { if (error) reject(error); else answer = value; });
  call.on('status', (status) => { if (status.code === 0) resolve({ answer, trailers: status.metadata }); });
});

/** All messages and the status of a call that streams responses. */
const drain = (call) => new Promise((resolve) => {
  const messages = [];
  call.on('data', (message) => messages.push(message));
  call.on('error', () => {});
  call.on('status', (status) => resolve({ messages, status }));
});

const failsWith = async (code, promise) => {
  try {
    await promise;
  } catch (error) {
    assert.equal(error.code, code, `status ${error.code} ${error.details}`);
    return error;
  }
  assert.fail(`no failure, expected status ${code}`);
};

export const checks = {
  async unary(client) {
    const { answer } = await unary(client, 'Echo', { number: 7, text: 'Grüße 🐟', body: Buffer.from([1, 2, 3]) });
    assert.deepEqual([answer.number, answer.text, [...answer.body]], [7, 'Grüße 🐟', [1, 2, 3]]);
  },
  async threeMiB(client) {
    const { answer } = await unary(client, 'Echo', { body: Buffer.alloc(3 * MiB, 5) });
    assert.equal(answer.body.length, 3 * MiB);
    assert.ok(answer.body.every((byte) => byte === 5));
  },
  async requestTooLarge(client) {
    await failsWith(grpc.status.RESOURCE_EXHAUSTED, unary(client, 'Echo', { body: Buffer.alloc(5 * MiB) }));
    await failsWith(grpc.status.RESOURCE_EXHAUSTED, unary(client, 'Echo', { body: Buffer.alloc(64 * MiB) }));
  },
  async answerTooLarge(client) {
    await failsWith(grpc.status.RESOURCE_EXHAUSTED, unary(client, 'Echo', { size: 5 * MiB }));
  },
  async statusWithNonAsciiText(client) {
    const text = 'Datei »ä/ß« fehlt: 100 %\nund 文件';
    const error = await failsWith(grpc.status.NOT_FOUND, unary(client, 'Echo', { fail_code: 5, text }));
    assert.equal(error.details, text);
  },
  async trailersWithMessage(client) {
    const { trailers } = await unary(client, 'Echo', { number: 3, trailers: true });
    assert.deepEqual(trailers.get('x-interop'), ['seen 3']);
    assert.deepEqual(trailers.get('x-interop-bin'), [trailerBytes]);
  },
  async trailersOnly(client) {
    const error = await failsWith(grpc.status.FAILED_PRECONDITION, unary(client, 'Echo', { number: 4, trailers: true, fail_code: 9, text: 'no' }));
    assert.deepEqual(error.metadata.get('x-interop'), ['seen 4']);
    assert.deepEqual(error.metadata.get('x-interop-bin'), [trailerBytes]);
  },
  async exceptionWithoutDetails(client) {
    const error = await failsWith(grpc.status.UNKNOWN, unary(client, 'Echo', { fail_code: -1 }));
    assert.ok(!error.details.includes('secret'), error.details);
  },
  async unknownMethod(client) {
    await failsWith(grpc.status.UNIMPLEMENTED, unary(client, 'Absent', {}));
  },
  async clientStreaming(client) {
    const answer = await new Promise((resolve, reject) => {
      const call = client.Collect((error, value) => { if (error) reject(error); else resolve(value); });
      for (let i = 0; i < 1000; i += 1) call.write({ number: i, body: Buffer.alloc(100) });
      call.end();
    });
    assert.deepEqual([answer.number, answer.size], [1000, 100_000]);
  },
  async serverStreaming(client) {
    const { messages, status } = await drain(client.Spread({ number: 2000, size: 1000, trailers: true }));
    assert.equal(status.code, 0);
    assert.deepEqual(status.metadata.get('x-interop'), ['seen 2000']);
    assert.deepEqual(messages.map((message) => message.number), [...Array(2000).keys()]);
  },
  async serverStreamingThatFails(client) {
    const { messages, status } = await drain(client.Spread({ number: 10, fail_code: 10, text: 'aborted' }));
    assert.deepEqual([messages.length, status.code, status.details], [10, grpc.status.ABORTED, 'aborted']);
  },
  async serverStreamingOfNothing(client) {
    const { messages, status } = await drain(client.Spread({}));
    assert.deepEqual([messages.length, status.code], [0, 0]);
  },
  async bidirectional(client) {
    const call = client.Converse();
    const result = drain(call);
    for (let i = 0; i < 5000; i += 1) call.write({ number: i });
    call.end();
    const { messages, status } = await result;
    assert.equal(status.code, 0);
    assert.deepEqual(messages.map((message) => message.number), [...Array(5000).keys()]);
  },
  async bidirectionalAborted(client) {
    const call = client.Converse();
    const result = drain(call);
    call.write({ number: 1 });
    call.write({ fail_code: 10, text: 'enough' });
    const { messages, status } = await result;
    assert.deepEqual([messages.length, status.code, status.details], [1, grpc.status.ABORTED, 'enough']);
  },
  async unaryDeadline(client) {
    const begin = Date.now();
    await failsWith(grpc.status.DEADLINE_EXCEEDED, unary(client, 'Echo', { hang: true }, soon(200)));
    assert.ok(Date.now() - begin < 5000);
  },
  async bidirectionalDeadline(client) {
    const call = client.Converse(soon(200));
    const result = drain(call);
    call.write({ hang: true });
    assert.equal((await result).status.code, grpc.status.DEADLINE_EXCEEDED);
  },
  async bidirectionalCancel(client) {
    const call = client.Converse();
    const result = drain(call);
    call.write({ number: 1 });
    await new Promise((resolve) => call.once('data', resolve));
    call.cancel();
    assert.equal((await result).status.code, grpc.status.CANCELLED);
  },
  async healthyAfterAll(client) {
    const { answer } = await unary(client, 'Echo', { number: 9 });
    assert.equal(answer.number, 9);
  },
};
