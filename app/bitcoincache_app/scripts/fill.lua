-- Step 4, storing. KEYS: value, meta.  ARGV: lease, the value's lifetime in ms, the value or '' for none.
-- Returns 1 where the lease still stood, which is given back; or 0, and nothing is stored.
settle(KEYS[2])
if redis.call('HGET', KEYS[2], 'lease') ~= ARGV[1] then
  return 0
end
revoke_lease(KEYS[2])
if ARGV[3] ~= '' then
  redis.call('SET', KEYS[1], ARGV[3], 'PX', ARGV[2])
end
return 1
