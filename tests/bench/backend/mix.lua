-- 75 % reads of one coin, 15 % updates, 5 % creates, 5 % lists. The yardstick has no POST: both create by PUT.
local common = require("common")
local created = 0

init = common.init

local function create()
  created = created + 1
  return common.put(string.format("N%03d%06d", common.run, created))
end

function request()
  local choice = math.random(100)
  if choice <= 75 then
    return common.read(common.symbol())
  elseif choice <= 90 then
    return common.put(common.symbol())
  elseif choice <= 95 then
    return create()
  end
  return common.list()
end
