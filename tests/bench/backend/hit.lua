-- Each request reads one of the coins, all of which are cached.
local common = require("common")
local requests, next_request = {}, 0

function init(arguments)
  common.init(arguments)
  for number = 1, 8192 do
    requests[number] = common.read(common.symbol())
  end
end

function request()
  next_request = next_request % #requests + 1
  return requests[next_request]
end
