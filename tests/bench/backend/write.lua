-- Each request gives one of the coins another price.
local common = require("common")

init = common.init

function request()
  return common.put(common.symbol())
end
