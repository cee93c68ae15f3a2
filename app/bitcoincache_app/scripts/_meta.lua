-- Put before each of the other scripts.
--
-- meta, the record of one key, is a hash:
--   token:<id>      a write that was announced and not yet published, until this deadline
--   overlap         two such writes were pending at once
--   lease           who may fill the value;  lease_deadline: until when
-- Deadlines are milliseconds of this server's clock. A hash without fields vanishes by itself.

local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)

-- Forgets what has passed its deadline. Returns how many writes are pending.
local function settle(meta)
  local pending, lapsed = 0, {}
  local fields = redis.call('HGETALL', meta)
  for i = 1, #fields, 2 do
    local field, value = fields[i], fields[i + 1]
    if string.sub(field, 1, 6) == 'token:' then
      if tonumber(value) > now then
        pending = pending + 1
      else
        lapsed[#lapsed + 1] = field
      end
    elseif field == 'lease_deadline' and tonumber(value) <= now then
      lapsed[#lapsed + 1] = 'lease'
      lapsed[#lapsed + 1] = 'lease_deadline'
    end
  end
  if pending == 0 then
    lapsed[#lapsed + 1] = 'overlap'
  end
  for i = 1, #lapsed do
    redis.call('HDEL', meta, lapsed[i])
  end
  return pending
end

local function revoke_lease(meta)
  redis.call('HDEL', meta, 'lease', 'lease_deadline')
end

-- Grants the lease unless a write is pending or another holds it. Returns 1 or 0.
local function grant_lease(meta, lease, lifetime)
  if settle(meta) > 0 or redis.call('HEXISTS', meta, 'lease') == 1 then
    return 0
  end
  redis.call('HSET', meta, 'lease', lease, 'lease_deadline', now + lifetime)
  return 1
end
