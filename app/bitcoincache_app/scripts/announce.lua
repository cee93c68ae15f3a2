-- Step 1 of a write. KEYS: value, meta, value, meta ...  ARGV: token, its lifetime in ms.
for i = 1, #KEYS, 2 do
  local value, meta = KEYS[i], KEYS[i + 1]
  redis.call('DEL', value)
  if settle(meta) > 0 then
    redis.call('HSET', meta, 'overlap', 1)
  end
  redis.call('HSET', meta, 'token:' .. ARGV[1], now + ARGV[2])
  revoke_lease(meta)
end
