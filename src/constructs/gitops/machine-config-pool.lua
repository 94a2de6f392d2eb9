-- Health of a MachineConfigPool. Nothing here waits for ever: what a person has to end is Degraded, which ends the sync.
local conditions = {}
if obj.status ~= nil and obj.status.conditions ~= nil then
  for _, condition in ipairs(obj.status.conditions) do
    conditions[condition.type] = condition
  end
end
local function isTrue(type)
  return conditions[type] ~= nil and conditions[type].status == "True"
end

for _, type in ipairs({"Degraded", "NodeDegraded", "RenderDegraded"}) do
  if isTrue(type) then
    local message = conditions[type].message
    if message == nil or message == "" then
      message = type
    end
    return {status = "Degraded", message = message}
  end
end

local wanted, current
if obj.spec ~= nil and obj.spec.configuration ~= nil then
  wanted = obj.spec.configuration.name
end
if obj.status ~= nil and obj.status.configuration ~= nil then
  current = obj.status.configuration.name
end
local same = wanted ~= nil and wanted == current

if obj.spec ~= nil and obj.spec.paused == true then
  if same then
    return {status = "Healthy", message = "The pool is paused, and has nothing to do"}
  end
  return {status = "Degraded", message = "The pool is paused, and takes no change before it is unpaused"}
end
if same and isTrue("Updated") and obj.status.observedGeneration == obj.metadata.generation then
  return {status = "Healthy", message = "All nodes are updated"}
end
return {status = "Progressing", message = "Nodes are being updated"}
