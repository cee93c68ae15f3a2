-- The lease alone, whether there is a value or not: to read afresh what is cached already.
-- KEYS: meta.  ARGV: a lease to take, its lifetime in ms.  Returns 1 where it was granted, or 0.
return grant_lease(KEYS[1], ARGV[1], ARGV[2])
