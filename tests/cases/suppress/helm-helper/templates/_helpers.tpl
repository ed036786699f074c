{{- define "c.container" }}
{{- /*
A container that needs it.
assay:ignore K8S-POD-001 reason="needs it"
*/}}
- name: c
  image: c:1.0
  securityContext:
    privileged: {{ .Values.privileged }}
{{- end }}
