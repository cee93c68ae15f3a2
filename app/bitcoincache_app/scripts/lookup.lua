-- Step 4, reading. KEYS: value, meta.  ARGV: a lease to take, its lifetime in ms.
-- Returns {value, ms left} where there is one; else 1 where the lease was granted, or 0.
local value = redis.call('GET', KEYS[1])
if value then
  return { value, redis.call('PTTL', KEYS[1]) }
end
return grant_lease(KEYS[2], ARGV[1], ARGV[2])
