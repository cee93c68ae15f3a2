-- The leases of many keys, whether they have values or not: to read afresh what is cached already.
-- KEYS: stamp, meta, meta ...  ARGV: stamp, the lease to take on each, its lifetime in ms.
-- Returns for each key 1 where it was granted, or 0.
local granted = {}
for i = 2, #KEYS do
  local meta = KEYS[i]
  -- Most keys have no record, and so neither writes nor a lease.
  local free = redis.call('EXISTS', meta) == 0 or (#pending(meta) == 0 and not is_leased(meta))
  if free then
    take_lease(meta, ARGV[2], ARGV[3])
  end
  granted[i - 1] = free and 1 or 0
end
return granted
