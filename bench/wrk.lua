-- The three requests for wrk: arguments are the kind, the token and the number of ledgers.
local kind, token, ledgers, first
local seconds, made = 0, 0

function init(args)
  kind, token, ledgers, first = args[1], args[2], tonumber(args[3]), tonumber(args[4])
  math.randomseed(os.time() + tonumber(args[5]))
  seconds = os.time()
  wrk.headers["Authorization"] = "Bearer " .. token
  if kind == "create" then
    wrk.headers["If-None-Match"] = "*"
    wrk.headers["Content-Type"] = "application/json"
  end
end

local function expenses(ledger)
  return string.format("/api/v1/ledgers/0197b1a0-1ed0-7000-8000-%012x/expenses", ledger)
end

-- A UUID that sorts by time, as clients make them.
local function id()
  made = made + 1
  local ms = seconds * 1000 + made
  return string.format("%08x-%04x-7%03x-8%03x-%06x%06x", math.floor(ms / 65536), ms % 65536,
    math.random(0, 4095), math.random(0, 4095), math.random(0, 16777215), math.random(0, 16777215))
end

function request()
  local ledger = first + math.random(0, ledgers - 1)
  if kind == "list" then return wrk.format("GET", expenses(ledger)) end
  if kind == "summary" then return wrk.format("GET", expenses(ledger) .. "/summary") end
  local body = string.format(
    '{"amount":"%d.%02d","currency":"EUR","date":"%s","description":"Groceries number%d",' ..
    '"category_id":"0197b1a0-ca7e-7000-8000-%012x","account_id":"0197b1a0-acc0-7000-8000-%012x"}',
    math.random(1, 200), math.random(1, 99), os.date("%Y-%m-%d", seconds - 86400 * math.random(0, 365)),
    math.random(1, 500), ledger * 256 + math.random(0, 35), ledger * 256 + math.random(0, 3))
  return wrk.format("PUT", expenses(ledger) .. "/" .. id(), nil, body)
end

function done(summary, latency)
  local wrong = summary.errors
  io.write(string.format("RESULT %d %d %d %d %d %d\n", summary.requests, summary.duration,
    wrong.status, wrong.connect + wrong.read + wrong.write + wrong.timeout,
    latency:percentile(50), latency:percentile(95)))
end
