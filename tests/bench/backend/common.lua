-- What the workloads share. wrk runs them in this folder: hit.lua and the others name this file by `require`.
-- Arguments of each: how many coins the table holds, and the number of the run, which seeds the choices.

local json = { ["Content-Type"] = "application/json" }
local common = { coins = 100, run = 0 }

function common.init(arguments)
  common.coins, common.run = tonumber(arguments[1]), tonumber(arguments[2])
  math.randomseed(common.run)
end

function common.read(symbol)
  return wrk.format("GET", "/api/v1/bitcoins/" .. symbol)
end

function common.list()
  return wrk.format("GET", "/api/v1/bitcoins")
end

function common.put(symbol)
  return wrk.format("PUT", "/api/v1/bitcoins/" .. symbol, json, '{"price":' .. math.random(1000000) .. "}")
end

-- One of those that the table holds from the start: symbols as in state.py.
function common.symbol()
  return string.format("C%05d", math.random(0, common.coins - 1))
end

-- Called by wrk at the end, in a state of its own: all figures as one line of JSON. Latencies are microseconds.
function done(summary, latency)
  local errors = summary.errors
  local failed = errors.connect + errors.read + errors.write + errors.timeout + errors.status
  io.write(string.format(
    '{"requests":%d,"seconds":%.6f,"bytes":%d,"errors":%d,"p50":%d,"p99":%d,"longest":%d}\n',
    summary.requests, summary.duration / 1e6, summary.bytes, failed,
    latency:percentile(50), latency:percentile(99), latency.max
  ))
end

return common
