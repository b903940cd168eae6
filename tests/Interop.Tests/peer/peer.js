// The other implementation. "serve": the service of interop.proto. "call <port>": every check against our server, one JSON
// line each. "hold <port>": a call that is open until our server is gone.
import { fileURLToPath } from 'node:url';
import grpc from '@grpc/grpc-js';
import loader from '@grpc/proto-loader';
import { checks } from './checks.js';

const proto = loader.loadSync(fileURLToPath(new URL('./interop.proto', import.meta.url)), { keepCase: true, defaults: true });
const { Interop } = grpc.loadPackageDefinition(proto).capstan.interop;

const trailersOf = (packet) => {
  const trailers = new grpc.Metadata();
  if (packet.trailers) {
    trailers.set('x-interop', `seen ${packet.number}`);
    trailers.set('x-interop-bin', Buffer.from([0, 1, 0xfe, 0xff]));
  }
  return trailers;
};
const failureOf = (packet) => ({ code: packet.fail_code, details: packet.text, metadata: trailersOf(packet) });

const service = {
  Echo(call, answer) {
    const packet = call.request;
    if (packet.hang) return;
    if (packet.fail_code) return answer(failureOf(packet));
    const body = packet.size > 0 ? Buffer.alloc(packet.size) : packet.body;
    answer(null, { number: packet.number, text: packet.text, body }, trailersOf(packet));
  },
  Collect(call, answer) {
    let number = 0;
    let size = 0;
    call.on('data', (packet) => {
      number += 1;
      size += packet.body.length;
      if (packet.fail_code) answer(failureOf(packet));
    });
    call.on('end', () => answer(null, { number, size }));
    call.on('error', () => {});
  },
  async Spread(call) {
    const packet = call.request;
    for (let i = 0; i < packet.number; i += 1) {
      if (!call.write({ number: i, body: Buffer.alloc(packet.size) })) await new Promise((resolve) => call.once('drain', resolve));
    }
    if (packet.hang) return;
    if (packet.fail_code) call.emit('error', failureOf(packet));
    else call.end(trailersOf(packet));
  },
  Converse(call) {
    call.sendMetadata(new grpc.Metadata());
    let trailers = new grpc.Metadata();
    call.on('data', (packet) => {
      if (packet.hang) return;
      if (packet.trailers) trailers = trailersOf(packet);
      if (packet.fail_code) call.emit('error', failureOf(packet));
      else call.write(packet);
    });
    call.on('end', () => call.end(trailers));
    call.on('error', () => {});
  },
};

const [, , mode, port] = process.argv;
if (mode === 'serve') {
  const server = new grpc.Server();
  const { Absent, ...known } = Interop.service;
  server.addService(known, service);
  server.bindAsync('127.0.0.1:0', grpc.ServerCredentials.createInsecure(), (error, bound) => {
    if (error) throw error;
    console.log(`ready ${bound}`);
  });
} else {
  const client = new Interop(`127.0.0.1:${port}`, grpc.credentials.createInsecure());
  if (mode === 'hold') {
    const call = client.Converse();
    call.on('data', () => console.log('talking'));
    call.on('error', (error) => {
      console.log(`ended ${error.code}`);
      process.exit(0);
    });
    call.write({ number: 1 });
  } else {
    for (const [name, check] of Object.entries(checks)) {
      let failure = '';
      try {
        await check(client);
      } catch (error) {
        failure = String(error?.message ?? error).replaceAll('\n', ' ');
      }
      console.log(JSON.stringify({ name, failure }));
    }
    console.log('done');
    client.close();
  }
}
