-- A value leaves, as Redis itself may take it at any time; its record stays. KEYS: stamp, value.  ARGV: stamp.
-- Returns 1 where there was one, or 0.
return redis.call('DEL', KEYS[2])
