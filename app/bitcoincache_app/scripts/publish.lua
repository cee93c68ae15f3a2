-- Step 3 of a write. KEYS: value, meta, value, meta ...
-- ARGV: token, the values' lifetime in ms, then for each pair its new value, or '' to store none.
for i = 1, #KEYS, 2 do
  local value, meta = KEYS[i], KEYS[i + 1]
  local new = ARGV[2 + (i + 1) / 2]
  settle(meta)
  local overlap = redis.call('HEXISTS', meta, 'overlap') == 1
  local announced = redis.call('HDEL', meta, 'token:' .. ARGV[1]) == 1
  settle(meta)
  revoke_lease(meta)
  if new ~= '' and announced and not overlap then
    redis.call('SET', value, new, 'PX', ARGV[2])
  else
    redis.call('DEL', value)
  end
end
