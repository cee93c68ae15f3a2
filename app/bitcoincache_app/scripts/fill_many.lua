-- Step 4, storing, for many keys. KEYS: value, meta, value, meta ...
-- ARGV: the values' lifetime in ms, then for each pair its lease and its value, or '' for none.
-- Returns for each pair 1 where the lease still stood, which is given back; or 0, and nothing is stored.
local kept = {}
for i = 1, #KEYS, 2 do
  local value, meta, lease, new = KEYS[i], KEYS[i + 1], ARGV[i + 1], ARGV[i + 2]
  local held = redis.call('HMGET', meta, 'lease', 'lease_deadline')
  if held[1] == lease and tonumber(held[2]) > now then
    revoke_lease(meta)
    if new ~= '' then
      redis.call('SET', value, new, 'PX', ARGV[1])
    end
    kept[#kept + 1] = 1
  else
    kept[#kept + 1] = 0
  end
end
return kept
