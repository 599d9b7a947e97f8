-- Reads random contacts. Arguments: path prefix, path suffix, number of contacts, first id, step.
local thread_seed = 0
function setup(thread) thread_seed = thread_seed + 1; thread:set("seed", thread_seed) end
function init(args)
  math.randomseed(os.time() * 97 + seed)
  prefix, suffix = args[1], args[2]
  count, first, step = tonumber(args[3]), tonumber(args[4]), tonumber(args[5])
  if args[6] then wrk.headers["Authorization"] = "Bearer " .. args[6] end
end
function request()
  local id = first + step * math.random(0, count - 1)
  return wrk.format("GET", prefix .. id .. suffix)
end
