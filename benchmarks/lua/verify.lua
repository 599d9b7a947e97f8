-- Confirms emails that wait, each contact once: rounds and threads have numbers of their own.
local thread_seed = 0
function setup(thread) thread_seed = thread_seed + 1; thread:set("seed", thread_seed) end
function init(args)
  prefix, suffix = args[1], args[2]
  count = tonumber(args[3])
  wrk.headers["Authorization"] = "Bearer " .. args[4]
  wrk.headers["Content-Type"] = "application/json"
  -- One of sixteen parts of the contacts for each round; two threads take turns in it.
  number = math.floor(count / 16) * tonumber(os.getenv("ROUND")) + seed - 2
end
function request()
  number = number + 2
  local body = '{"channel":"Email","key":"012345"}'
  return wrk.format("POST", prefix .. (number % count + 1) .. suffix, nil, body)
end
