-- Tokens of writes that are settled. KEYS: stamp, value, meta.  ARGV: stamp, token ...
for i = 2, #ARGV do
  take_back(KEYS[3], ARGV[i])
end
