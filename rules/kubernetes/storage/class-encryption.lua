local function encrypted_by_default()
  for _, setting in ipairs(graph.of_type("aws_ebs_encryption_by_default")) do
    if setting.raw.enabled == nil or setting.raw.enabled == true then return true end
  end
  return false
end

-- Google encrypts every disk; a key of one's own is asked for by the parameter require_volume_keys only.
return rule {
  id = "K8S-STOR-001", title = "Storage class does not encrypt volumes",
  severity = "high", category = "encryption",
  frameworks = { "NIST-800-53r5:SC-28", "PCI-DSS-4.0:3.5.1", "SOC2:CC6.1", "ISO27001-2022:A.8.24" },
  for_each = "k8s.storageclass",
  where = function(e)
    return one_of(e.provisioner, "ebs.csi.aws.com", "kubernetes.io/aws-ebs", "ebs.csi.eks.amazonaws.com", "pd.csi.storage.gke.io",
      "kubernetes.io/gce-pd")
  end,
  description = [[Volumes of the class lie on disk as clear text, and so do their snapshots, unless the account encrypts everything by
default.]],
  remediation = [[Set the parameter `encrypted: "true"`, and `kmsKeyId` for a key of your own.]],
  references = {
    "https://kubernetes.io/docs/concepts/storage/storage-classes/#aws-ebs",
    "https://docs.aws.amazon.com/eks/latest/userguide/ebs-csi.html",
  },
  check = function(e)
    local provisioner, parameters = e.provisioner, e.parameters or {}
    if one_of(provisioner, "ebs.csi.aws.com", "kubernetes.io/aws-ebs", "ebs.csi.eks.amazonaws.com") then
      if lower(tostring(parameters.encrypted or "")) ~= "true" and not encrypted_by_default() then
        return fail("volumes of class " .. e.name .. " are not encrypted (parameter encrypted is not true)", { at = parameters })
      end
      if param("require_volume_keys", false) and parameters.kmsKeyId == nil then
        return fail("volumes of class " .. e.name .. " have no key of their own (no kmsKeyId)", { at = parameters })
      end
    elseif one_of(provisioner, "pd.csi.storage.gke.io", "kubernetes.io/gce-pd") then
      if param("require_volume_keys", false) and parameters["disk-encryption-kms-key"] == nil then
        return fail("volumes of class " .. e.name .. " have no key of their own (no disk-encryption-kms-key)", { at = parameters })
      end
    end
  end,
  tests = {
    fail = { yaml [[
apiVersion: storage.k8s.io/v1
kind: StorageClass
metadata: { name: fire }
provisioner: ebs.csi.aws.com
]], yaml [[
apiVersion: storage.k8s.io/v1
kind: StorageClass
metadata: { name: fire }
provisioner: ebs.csi.aws.com
parameters: { encrypted: "false" }
]], [[
resource "kubernetes_storage_class" "fire" {
  metadata { name = "fire" }
  storage_provisioner = "ebs.csi.aws.com"
  parameters          = { type = "gp3" }
}
]], yaml [[
# parameters: {"require_volume_keys": true}
apiVersion: storage.k8s.io/v1
kind: StorageClass
metadata: { name: fire }
provisioner: pd.csi.storage.gke.io
]] },
    pass = { yaml [[
apiVersion: storage.k8s.io/v1
kind: StorageClass
metadata: { name: dont-fire }
provisioner: ebs.csi.aws.com
parameters: { encrypted: "true" }
]], yaml [[
apiVersion: storage.k8s.io/v1
kind: StorageClass
metadata: { name: dont-fire }
provisioner: pd.csi.storage.gke.io
]] },
    unknown = { [[
variable "encrypted" {}
resource "kubernetes_storage_class" "a" {
  metadata { name = "a" }
  storage_provisioner = "ebs.csi.aws.com"
  parameters          = { encrypted = var.encrypted }
}
]] },
  },
}
