-- Step 4, storing, for many keys. KEYS: stamp, value, meta, value, meta ...
-- ARGV: stamp, the values' lifetime in ms, then for each pair its lease and its value, or '' for none.
-- Returns for each pair 1 where the lease still stood, which is given back; or 0, and nothing is stored.
local kept = {}
for i = 2, #KEYS, 2 do
  local value, meta, lease, new = KEYS[i], KEYS[i + 1], ARGV[i + 1], ARGV[i + 2]
  local held = redis.call('HGET', meta, 'lease') == lease
  if held then
    revoke_lease(meta)
    if new ~= '' then
      redis.call('SET', value, new, 'PX', ARGV[2])
    end
  end
  kept[#kept + 1] = held and 1 or 0
end
return kept
