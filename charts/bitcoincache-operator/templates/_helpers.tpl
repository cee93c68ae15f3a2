{{- define "bitcoincache.name" -}}
{{- if contains .Chart.Name .Release.Name -}}
{{- .Release.Name | trunc 63 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name .Chart.Name | trunc 63 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{- define "bitcoincache.selector" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "bitcoincache.labels" -}}
{{ include "bitcoincache.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/part-of: bitcoincache
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{- end -}}

{{/* One image reference: (dict "root" $ "image" "backend") */}}
{{- define "bitcoincache.image" -}}
{{- $image := get .root.Values.images .image -}}
{{- with .root.Values.global.imageRegistry -}}{{ printf "%s/" . }}{{- end -}}
{{- $image -}}
{{- end -}}
