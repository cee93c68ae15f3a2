-- What Redis holds is not to be believed: it goes, and what is stored from now on belongs to the epoch of this stamp.
-- KEYS: stamp.  ARGV: stamp.
redis.call('FLUSHDB', 'ASYNC')
redis.call('SET', KEYS[1], ARGV[1])
