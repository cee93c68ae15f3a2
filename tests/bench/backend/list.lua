-- The first page of the ranking: 100 coins.
local common = require("common")
local list

function init(arguments)
  common.init(arguments)
  list = common.list()
end

function request()
  return list
end
