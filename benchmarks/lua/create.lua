-- Creates contacts from complete documents, each with a key of its own.
-- Arguments: path, token, bodies by line; a body's NUMBER is replaced.
local thread_seed = 0
function setup(thread) thread_seed = thread_seed + 1; thread:set("seed", thread_seed) end
function init(args)
  math.randomseed(os.time() * 97 + seed)
  path, body = args[1], args[3]
  wrk.headers["Authorization"] = "Bearer " .. args[2]
  wrk.headers["Content-Type"] = "application/json"
  run = os.time() .. "-" .. seed .. "-"
  number = 0
end
function request()
  number = number + 1
  wrk.headers["Idempotency-Key"] = run .. number .. "-" .. math.random(1, 1e9)
  local unique = string.format("%07d", math.random(1, 9999999))
  return wrk.format("POST", path, nil, (body:gsub("NUMBER", unique)))
end
