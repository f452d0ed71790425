import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { expect, it } from 'vitest';
import { classesOf } from './classes.js';

it('makes requests and answers that have an application’s prototypes before it sees them', async () => {
  const app = express().get('/', (request, response) => {
    response.send(request.path);
  });
  const server = createServer(classesOf(app), app);
  const made: unknown[] = [];
  server.prependListener('request', (request: IncomingMessage, response: ServerResponse) => {
    made.push(Object.getPrototypeOf(request), Object.getPrototypeOf(response));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const answer = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  expect(await answer.text()).toBe('/');
  expect(made[0]).toBe(app.request);
  expect(made[1]).toBe(app.response);
  server.closeAllConnections();
  server.close();
  await once(server, 'close');
});
