// Stands in for the TLS proxy of docker-compose.yml where nginx is not installed: TLS, HTTP/2, kept connections, nothing else.
import { readFileSync } from "node:fs";
import http from "node:http";
import http2 from "node:http2";

const [port, behind, folder] = process.argv.slice(2);
const OF_ONE_CONNECTION = new Set(["connection", "keep-alive", "proxy-connection", "transfer-encoding", "upgrade"]);
const carried = (headers) => Object.fromEntries(Object.entries(headers).filter(([name]) => !name.startsWith(":") && !OF_ONE_CONNECTION.has(name)));

const server = http2.createSecureServer({ key: readFileSync(`${folder}/tls_key`), cert: readFileSync(`${folder}/tls_certificate`), allowHTTP1: true }, (ask, answer) => {
  const headers = { ...carried(ask.headers), host: "127.0.0.1" };
  const inner = http.request({ host: "127.0.0.1", port: behind, method: ask.method, path: ask.url, headers }, (said) => {
    answer.writeHead(said.statusCode, carried(said.headers));
    said.pipe(answer);
  });
  inner.on("error", () => { answer.writeHead(502); answer.end(); });
  ask.pipe(inner);
});
server.listen(Number(port), "127.0.0.1");
process.on("SIGTERM", () => process.exit(0));
