-- Health of a NodeNetworkConfigurationPolicy, for Argo CD before 3.4. A policy without a node is Degraded, because a sync that
-- waits for one would wait for ever.
local conditions = {}
if obj.status ~= nil and obj.status.conditions ~= nil then
  for _, condition in ipairs(obj.status.conditions) do
    conditions[condition.type] = condition
  end
end
local function isTrue(type)
  return conditions[type] ~= nil and conditions[type].status == "True"
end
local function message(type, otherwise)
  local said = conditions[type].message
  if said == nil or said == "" then
    return otherwise
  end
  return said
end

if isTrue("Degraded") then
  return {status = "Degraded", message = message("Degraded", "The policy failed on a node")}
end
if isTrue("Ignored") then
  return {status = "Degraded", message = "No node matches the policy's selector"}
end
if isTrue("Available") then
  return {status = "Healthy", message = message("Available", "The policy is available")}
end
return {status = "Progressing", message = "Nodes are being configured"}
