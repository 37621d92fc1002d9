// Loaded into Node.js before a client: Node's own `fetch` passes over the variables for a proxy, so what is not
// for loopback is led to the port of the proxy of the tests, which speaks TLS there as the host would.
"use strict";
const net = require("node:net");

const port = Number(new URL(process.env.HTTPS_PROXY).port);
const here = new Set(["", "localhost", "127.0.0.1", "::1"]);
const connect = net.Socket.prototype.connect;

net.Socket.prototype.connect = function (first, ...more) {
  if (typeof first === "number" && typeof more[0] === "string") first = { port: first, host: more.shift() };
  // from Node itself the options come in a list, with the listener behind them
  const options = Array.isArray(first) ? first[0] : first;
  if (options?.port && !options.path && !here.has(options.host ?? "")) {
    Object.assign(options, { host: "127.0.0.1", port, family: 4 });
  }
  return connect.call(this, first, ...more);
};
