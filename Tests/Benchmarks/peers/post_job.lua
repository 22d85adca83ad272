-- wrk: POST the job whose file is the first argument.
local body
function init(args)
    local file = assert(io.open(args[1]))
    body = file:read("*a")
    file:close()
end
function request()
    return wrk.format("POST", "/v1/jobs", { ["Content-Type"] = "application/json" }, body)
end
