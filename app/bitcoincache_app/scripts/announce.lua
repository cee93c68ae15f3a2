-- Step 1 of a write. KEYS: stamp, then value, meta, value, meta ...  ARGV: stamp, token.
for i = 2, #KEYS, 2 do
  local value, meta = KEYS[i], KEYS[i + 1]
  redis.call('DEL', value)
  if #pending(meta) > 0 then
    redis.call('HSET', meta, 'overlap', 1)
  end
  redis.call('HSET', meta, 'token:' .. ARGV[2], now)
  revoke_lease(meta)
end
