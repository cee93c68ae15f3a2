-- Step 4, where there seems to be no value. KEYS: stamp, value, meta.
-- ARGV: stamp, a lease to take, its lifetime in ms, the ms for which a write may well be pending.
-- Returns {value, ms left} where there is one after all. Else {nil, 1} where the lease was granted; {nil, 2} where another
-- reader holds it; {nil, 0, token ...} where writes are pending: those that have been for too long.
local value, meta = KEYS[2], KEYS[3]
local found = redis.call('GET', value)
if found then
  return { found, redis.call('PTTL', value) }
end
local ids, since = pending(meta)
if #ids > 0 then
  local answer = { false, 0 }
  for i = 1, #ids do
    if now - since[i] > tonumber(ARGV[4]) then
      answer[#answer + 1] = ids[i]
    end
  end
  return answer
end
if is_leased(meta) then
  return { false, 2 }
end
take_lease(meta, ARGV[2], ARGV[3])
return { false, 1 }
