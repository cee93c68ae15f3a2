-- Step 3 of a write. KEYS: stamp, then value, meta, value, meta ...
-- ARGV: stamp, token, the values' lifetime in ms, then for each pair its new value, or '' to store none.
for i = 2, #KEYS, 2 do
  local value, meta = KEYS[i], KEYS[i + 1]
  local new = ARGV[3 + i / 2]
  local alone = take_back(meta, ARGV[2])
  revoke_lease(meta)
  if new ~= '' and alone then
    redis.call('SET', value, new, 'PX', ARGV[3])
  else
    redis.call('DEL', value)
  end
end
