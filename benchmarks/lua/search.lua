-- Searches below random contacts. Arguments: path prefix, path suffix, number of contacts, token, body.
local thread_seed = 0
function setup(thread) thread_seed = thread_seed + 1; thread:set("seed", thread_seed) end
function init(args)
  math.randomseed(os.time() * 97 + seed)
  prefix, suffix, count, body = args[1], args[2], tonumber(args[3]), args[5]
  wrk.headers["Authorization"] = "Bearer " .. args[4]
  wrk.headers["Content-Type"] = "application/json"
end
function request()
  return wrk.format("POST", prefix .. math.random(1, count) .. suffix, nil, body)
end
