-- The leases of many keys, whether they have values or not: to read afresh what is cached already.
-- KEYS: meta, meta ...  ARGV: the lease to take on each, its lifetime in ms.
-- Returns for each key 1 where it was granted, or 0.
local granted = {}
for i = 1, #KEYS do
  local meta = KEYS[i]
  -- A key without a record has neither writes nor a lease. The first goes the long way nevertheless: a full Redis
  -- refuses a script whose first write takes memory, and no later ones.
  if i > 1 and redis.call('EXISTS', meta) == 0 then
    redis.call('HSET', meta, 'lease', ARGV[1], 'lease_deadline', now + ARGV[2])
    granted[i] = 1
  else
    granted[i] = grant_lease(meta, ARGV[1], ARGV[2])
  end
end
return granted
