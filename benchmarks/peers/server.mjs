// The Node peer: fastify, undici and npm's jsonata, with the expressions of integrations/greenhouse.
// node server.mjs PORT UPSTREAM PROGRAMS   (PROGRAMS: a JSON file of {"joined": jsonata, "alone": jsonata})
import { readFileSync } from "node:fs";
import fastify from "fastify";
import jsonata from "jsonata";
import { Pool } from "undici";
import { finish } from "./model.mjs";

const [port, upstream, file] = process.argv.slice(2);
const sources = JSON.parse(readFileSync(file, "utf8"));
const programs = { joined: jsonata(sources.joined), alone: jsonata(sources.alone) };
const pool = new Pool(upstream, { connections: 64 });
const JOINED = ["applications", "attachments", "tags"];
let tags;

async function ask(path, query) {
  const { statusCode, body } = await pool.request({
    method: "GET",
    path: `${path}?${new URLSearchParams(query)}`,
    headers: { authorization: "Bearer benchmark" },
  });
  const found = await body.json();
  if (statusCode !== 200) throw new Error(`HTTP ${statusCode} from the provider`);
  return found;
}

async function joins(ids) {
  tags ??= await ask("/v3/candidate_tags", { per_page: "500" });
  const batches = [];
  for (let start = 0; start < ids.length; start += 50) batches.push(ids.slice(start, start + 50).join(","));
  const [applications, ...attachments] = await Promise.all([
    ask("/v3/applications", { per_page: "500", candidate_ids: ids.join(",") }),
    ...batches.map((some) => ask("/v3/attachments", { per_page: "500", candidate_ids: some })),
  ]);
  return { applications, attachments: attachments.flat(), known_tags: tags };
}

async function records(query, asked) {
  const joined = !asked.fields || asked.fields.split(",").some((name) => JOINED.includes(name));
  const remote = asked.ignore_remote_data !== "true" && !asked.fields;
  const items = await ask("/v3/candidates", query);
  const lookups = joined ? await joins(items.map((item) => item.id)) : {};
  const found = await programs[joined ? "joined" : "alone"].evaluate({ items, lookups });
  return Array.from(found, (given, index) => {
    const record = finish(given, joined);
    if (remote) record.remote_data = items[index];
    return record;
  });
}

const server = fastify();
server.addHook("onRequest", async (request, reply) => {
  if (request.headers.authorization !== "Bearer benchmark") await reply.code(401).send({});
});
server.get("/unified/ats/candidates", async (request) => {
  const result = await records({ per_page: "100" }, request.query);
  return { result, next_cursor: null, prev_cursor: null, result_count: result.length, is_partial_response: false };
});
server.get("/unified/ats/candidates/:id", async (request) => {
  const [record] = await records({ ids: request.params.id }, request.query);
  return record;
});
await server.listen({ port: Number(port), host: "127.0.0.1" });
