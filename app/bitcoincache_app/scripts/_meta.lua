-- Put before each of the other scripts. KEYS[1] is the stamp's key, ARGV[1] the stamp of the epoch.
--
-- meta, the record of one key, is a hash:
--   token:<id>      a write that was announced and not yet published, since when
--   overlap         two such writes were pending at once
--   lease           who may fill the value;  lease_deadline: until when
-- Times are milliseconds of this server's clock. Nothing rests on them: a lease that ends too early costs a query.
-- A hash without fields vanishes by itself.
if redis.call('GET', KEYS[1]) ~= ARGV[1] then
  return redis.error_reply('UNSTAMPED this Redis does not carry the stamp of the epoch')
end

local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)

-- The ids of the pending writes, and since when each has been.
local function pending(meta)
  local ids, since = {}, {}
  local fields = redis.call('HGETALL', meta)
  for i = 1, #fields, 2 do
    if string.sub(fields[i], 1, 6) == 'token:' then
      ids[#ids + 1] = string.sub(fields[i], 7)
      since[#since + 1] = tonumber(fields[i + 1])
    end
  end
  return ids, since
end

-- Takes the token back. Returns whether it was there, and no other write was pending at any time that it was.
local function take_back(meta, token)
  local overlap = redis.call('HEXISTS', meta, 'overlap') == 1
  local announced = redis.call('HDEL', meta, 'token:' .. token) == 1
  if overlap and #pending(meta) == 0 then
    redis.call('HDEL', meta, 'overlap')
  end
  return announced and not overlap
end

local function revoke_lease(meta)
  redis.call('HDEL', meta, 'lease', 'lease_deadline')
end

local function is_leased(meta)
  local deadline = redis.call('HGET', meta, 'lease_deadline')
  return deadline and tonumber(deadline) > now
end

local function take_lease(meta, lease, lifetime)
  -- A full Redis refuses what needs memory, but in a script that has begun to write: records are small, and must be kept.
  revoke_lease(meta)
  redis.call('HSET', meta, 'lease', lease, 'lease_deadline', now + lifetime)
end
