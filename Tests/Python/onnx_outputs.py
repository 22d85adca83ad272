#!/usr/bin/env python3
"""How far what onnxruntime computes with a model.onnx is from a job's predictions.

    onnx_outputs.py MODEL.onnx DATA.safetensors PREDICTIONS.ndjson

The tensors of DATA are the model's inputs in their order. Prints JSON: for all rows at once, and for the first alone, the largest
difference; the largest output; names of inputs and outputs."""
import json
import sys

import numpy
import onnxruntime
from safetensors.numpy import load_file

model, data, predictions = sys.argv[1:]
arrays = load_file(data)
lines = [json.loads(line) for line in open(predictions)]
session = onnxruntime.InferenceSession(model, providers=["CPUExecutionProvider"])
inputs = [each.name for each in session.get_inputs()]
outputs = [each.name for each in session.get_outputs()]
differences, largest = [], 0.0
for rows in (len(lines), 1):
    results = session.run(None, {name: arrays[key][:rows] for name, key in zip(inputs, sorted(arrays))})
    for name, result in zip(outputs, results):
        wanted = numpy.array([line[name] for line in lines[:rows]], numpy.float64)
        assert result.shape == wanted.shape, (name, result.shape, wanted.shape)
        differences.append(float(numpy.abs(result - wanted).max()))
        largest = max(largest, float(numpy.abs(wanted).max()))
print(json.dumps({"difference": max(differences), "largest": largest, "inputs": inputs, "outputs": outputs}))
