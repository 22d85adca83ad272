-- wrk: POST the job whose file is the first argument; with a second argument "new", each time with another learning rate.
local body, is_new
local number = 0
function init(args)
    local file = assert(io.open(args[1]))
    body = file:read("*a")
    file:close()
    is_new = args[2] == "new"
end
function request()
    local job = body
    if is_new then
        number = number + 1
        job = body:gsub('"learning_rate": *[%d.]+', '"learning_rate": 0.' .. (1000000 + number))
    end
    return wrk.format("POST", "/v1/jobs", { ["Content-Type"] = "application/json" }, job)
end
