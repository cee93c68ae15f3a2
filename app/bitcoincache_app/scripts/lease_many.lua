-- The leases of many keys, whether they have values or not: to read afresh what is cached already.
-- KEYS: meta, meta ...  ARGV: the lease to take on each, its lifetime in ms.
-- Returns for each key 1 where it was granted, or 0.
local granted = {}
for i = 1, #KEYS do
  granted[i] = grant_lease(KEYS[i], ARGV[1], ARGV[2])
end
return granted
