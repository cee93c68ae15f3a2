-- Step 4, storing. KEYS: stamp, value, meta.  ARGV: stamp, lease, the value's lifetime in ms, the value or '' for none.
-- Returns 1 where the lease still stood, which is given back; or 0, and nothing is stored.
local value, meta = KEYS[2], KEYS[3]
if redis.call('HGET', meta, 'lease') ~= ARGV[2] then
  return 0
end
revoke_lease(meta)
if ARGV[4] ~= '' then
  redis.call('SET', value, ARGV[4], 'PX', ARGV[3])
end
return 1
