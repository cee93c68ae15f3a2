-- The leases of many keys, whether they have values or not: to read afresh what is cached already.
-- KEYS: stamp, meta, meta ...  ARGV: stamp, the lease to take on each, its lifetime in ms.
-- Returns for each key 1 where it was granted, or 0.
local granted = {}
for i = 2, #KEYS do
  local meta = KEYS[i]
  -- A key without a record has neither writes nor a lease. The first goes the long way nevertheless: a full Redis
  -- refuses a script whose first write takes memory, and no later ones.
  local free = i > 2 and redis.call('EXISTS', meta) == 0
  if not free and #pending(meta) == 0 and not is_leased(meta) then
    revoke_lease(meta)
    free = true
  end
  if free then
    take_lease(meta, ARGV[2], ARGV[3])
  end
  granted[i - 1] = free and 1 or 0
end
return granted
