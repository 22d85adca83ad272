-- wrk: POST the job whose file is the first argument, each time with another seed of its data.
local body
local number = 0
function init(args)
    local file = assert(io.open(args[1]))
    body = file:read("*a")
    file:close()
end
function request()
    number = number + 1
    local changed = body:gsub('"learning_rate": *[%d.]+', '"learning_rate": 0.' .. (1000000 + number))
    return wrk.format("POST", "/v1/jobs", { ["Content-Type"] = "application/json" }, changed)
end
