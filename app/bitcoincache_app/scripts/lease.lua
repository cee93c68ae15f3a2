-- The lease alone, whether there is a value or not: to read afresh what is cached already.
-- KEYS: stamp, meta.  ARGV: stamp, a lease to take, its lifetime in ms.  Returns 1 where it was granted, or 0.
if #pending(KEYS[2]) > 0 or is_leased(KEYS[2]) then
  return 0
end
take_lease(KEYS[2], ARGV[2], ARGV[3])
return 1
