// A thousand people at their ledgers, for k6: look, sum up, record, change, and look again.
//
// OUTLAY (address), TOKEN_FILE, LEDGERS (ids by commas), USERS and SECONDS are given by __main__.py. Every
// acknowledged write is counted, so that the database can be asked for exactly as many.
import http from 'k6/http';
import { check, sleep } from 'k6';
import { Counter, Trend } from 'k6/metrics';

const api = `${__ENV.OUTLAY}/api/v1/ledgers`;
const ledgers = __ENV.LEDGERS.split(',');
const token = open(__ENV.TOKEN_FILE).trim();
const users = Number(__ENV.USERS);
const seconds = Number(__ENV.SECONDS);

const created = new Counter('created');
const changed = new Counter('changed');
const wrong = new Counter('wrong');
const times = {
  list: new Trend('list', true),
  summary: new Trend('summary', true),
  create: new Trend('create', true),
  change: new Trend('change', true),
};

export const options = {
  scenarios: {
    people: {
      executor: 'ramping-vus',
      startVUs: 1,
      stages: [
        { duration: '15s', target: users },
        { duration: `${seconds}s`, target: users },
      ],
      gracefulRampDown: '30s',
      gracefulStop: '30s',
    },
  },
  summaryTrendStats: ['med', 'p(95)', 'p(99)', 'max'],
  thresholds: { wrong: ['count==0'], http_req_failed: ['rate==0'] },
  discardResponseBodies: false,
};

const headers = { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' };

/** A UUID that begins with the time, as the pages make them. */
function id() {
  const time = Date.now().toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-7${crypto.randomUUID().slice(15)}`;
}

/** Ask; an answer other than the wished one is counted and told. */
function ask(kind, status, method, url, body, more = {}) {
  const params = { headers: { ...headers, ...more }, tags: { name: kind }, timeout: '30s' };
  const answer = http.request(method, url, body === null ? null : JSON.stringify(body), params);
  times[kind].add(answer.timings.duration);
  const isRight = check(answer, { [kind]: ({ status: told }) => told === status });
  if (!isRight) {
    wrong.add(1);
    console.error(`${method} ${kind}: ${answer.status} ${answer.error} ${String(answer.body).slice(0, 200)}`);
  }
  return isRight ? answer : null;
}

/** One to three seconds, as a person reads. */
function read() {
  sleep(1 + 2 * Math.random());
}

export default function () {
  const expenses = `${api}/${ledgers[__VU % ledgers.length]}/expenses`;
  ask('summary', 200, 'GET', `${expenses}/summary`, null);
  ask('list', 200, 'GET', `${expenses}?limit=50`, null);
  read();
  const one = `${expenses}/${id()}`;
  const body = {
    amount: `${1 + Math.floor(200 * Math.random())}.${10 + Math.floor(90 * Math.random())}`,
    description: `load ${__VU} ${__ITER}`,
  };
  const made = ask('create', 201, 'PUT', one, body, { 'If-None-Match': '*' });
  if (made === null) return;
  created.add(1);
  read();
  const stamp = { 'If-Match': made.headers.Etag };
  if (ask('change', 200, 'PATCH', one, { note: 'changed' }, stamp) !== null) changed.add(1);
  read();
  ask('list', 200, 'GET', `${expenses}?limit=50&q=load`, null);
  read();
}

export function handleSummary(data) {
  return { [__ENV.OUTCOME]: JSON.stringify(data.metrics) };
}
