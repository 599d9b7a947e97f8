-- Changes one field of random contacts, each time with a key of its own.
local thread_seed = 0
function setup(thread) thread_seed = thread_seed + 1; thread:set("seed", thread_seed) end
function init(args)
  math.randomseed(os.time() * 97 + seed)
  prefix, suffix = args[1], args[2]
  count = tonumber(args[3])
  wrk.headers["Authorization"] = "Bearer " .. args[4]
  wrk.headers["Content-Type"] = "application/json"
  run = os.time() .. "-" .. seed .. "-"
  number = 0
end
function request()
  number = number + 1
  wrk.headers["Idempotency-Key"] = run .. number .. "-" .. math.random(1, 1e9)
  local body = '{"details":{"personalInformation":{"placeOfBirth":"Town ' .. math.random(1, 1e9) .. '"}}}'
  return wrk.format("PATCH", prefix .. math.random(1, count) .. suffix, nil, body)
end
