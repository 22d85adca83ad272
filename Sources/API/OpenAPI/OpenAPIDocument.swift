package import Formats
import HTTPTypes
import OrderedCollections

/// The OpenAPI 3.1 document of what this version has, made from the table of endpoints.
package enum OpenAPIDocument {
    /// Makes it.
    ///
    /// - Parameter version: The daemon's own version.
    package static func make(version: String) -> JSON {
        var paths: OrderedDictionary<String, JSON> = [:]
        for endpoint in Endpoint.all {
            var item = paths[endpoint.path] ?? [:]
            item[endpoint.method.rawValue.lowercased()] = operation(endpoint)
            paths[endpoint.path] = item
        }
        return [
            "openapi": "3.1.0",
            "info": [
                "title": "tpud", "version": .string(version),
                "summary": "A training daemon with a simulated TPU pod",
                "license": ["name": "Apache-2.0", "identifier": "Apache-2.0"],
            ],
            "servers": [["url": "/"]],
            "paths": .object(paths), "webhooks": ["jobState": ["post": webhook]],
            "components": [
                "schemas": .object(schemas.merging(parts) { first, _ in first }),
                "responses": .object(generalResponses),
                "securitySchemes": [
                    "token": [
                        "type": "http", "scheme": "bearer",
                        "description":
                            "Where the daemon has tokens (the setting tokens); where it has none, none is asked for",
                    ]
                ],
            ],
        ]
    }

    /// The named schemas.
    static let schemas: OrderedDictionary<String, JSON> = [
        "Job": JobView.schema, "JobPage": JobPage.schema, "JobSpec": jobSpec, "JobPatch": JobPatch.schema,
        "DryRun": DryRunView.schema,
        "AttemptList": AttemptList.schema, "CheckpointList": CheckpointList.schema, "Event": EventView.schema,
        "EventList": EventList.schema,
        "ProfileList": ProfileList.schema,
        "StreamEnd": StreamEndView.schema, "Metrics": MetricsView.schema, "Topology": TopologyView.schema,
        "Host": HostView.schema,
        "Queue": QueueView.schema, "Delivery": DeliveryView.schema, "DeliveryPage": DeliveryPage.schema,
        "WebhookMessage": WebhookMessage.schema, "AuditPage": AuditPage.schema,
        "Version": VersionView.schema, "Problem": Problem.schema,
    ]

    /// What is asked of the receiver of a webhook.
    private static var webhook: JSON {
        let fields: KeyValuePairs<String, String> = [
            WebhookMessage.idField: "The delivery: the same however often it is sent, so that repeats can be dropped",
            WebhookMessage.timestampField: "When it is sent, in seconds since 1970",
            WebhookMessage.signatureField:
                "v1, and the HMAC-SHA256 of id, timestamp and body with dots between, in base64; several with blanks between",
        ]
        return [
            "operationId": "jobState",
            "summary": "A job has come to a state that one of its webhooks names (Standard Webhooks)",
            "parameters": .array(
                fields.map { name, meaning in
                    [
                        "name": .string(name), "in": "header", "required": true, "schema": Schema.string,
                        "description": .string(meaning),
                    ]
                }),
            "requestBody": [
                "required": true,
                "content": ["application/json": ["schema": Schema.reference("WebhookMessage")]],
            ],
            "responses": [
                "2XX": ["description": "It is taken"],
                "410": ["description": "It is not wanted, nor is it tried again"],
                "default": ["description": "It is tried again later; a redirection is not followed"],
            ],
        ]
    }
}
