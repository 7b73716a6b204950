"""Times the report's network in TensorFlow, eagerly; devices.ts runs it.

Needs tensorflow. Takes the measurement as JSON and prints one line of JSON.
Keras builds the layers; each step runs operation by operation under a
GradientTape, without tf.function, as a device of tfjs does.
"""

import tensorflow as tf
from peer_measurement import read_request, report, time_steps

request = read_request()
tf.config.threading.set_intra_op_parallelism_threads(request["threads"])
tf.config.threading.set_inter_op_parallelism_threads(1)
tf.keras.utils.set_random_seed(0)
layers = tf.keras.layers
batch, size = request["batch"], request["size"]
mixed = request["precision"] == "bf16"
if mixed:
    tf.keras.mixed_precision.set_global_policy("mixed_bfloat16")


def channels(count: int) -> int:
    return max(1, round(count * request["width"]))


def convolve(x, count: int):
    x = layers.Conv2D(channels(count), 3, padding="same")(x)
    x = layers.BatchNormalization(momentum=0.9, epsilon=1e-5)(x)
    return layers.ReLU()(x)


def build() -> tf.keras.Model:
    inputs = layers.Input((size, size, 3))
    deviation = (0.229, 0.224, 0.225)
    features = layers.Normalization(
        mean=[0.485, 0.456, 0.406], variance=[each**2 for each in deviation]
    )(inputs)
    skips = []
    for count, times in ((64, 2), (128, 2), (256, 3), (512, 3), (512, 3)):
        for _ in range(times):
            features = convolve(features, count)
        skips.append(features)
        features = layers.MaxPool2D(2)(features)
    for count in (1024, 1024, 1024, 512):
        features = convolve(features, count)
    for count in (512, 256, 128, 64, 32):
        features = layers.Conv2DTranspose(channels(count), 2, strides=2)(features)
        features = layers.Concatenate()([features, skips.pop()])
        features = convolve(convolve(features, count), count)
    return tf.keras.Model(inputs, layers.Conv2D(1, 1, dtype="float32")(features))


model = build()
x = tf.random.uniform((batch, size, size, 3))
y = tf.cast(tf.random.uniform((batch, size, size, 1)) > 0.8, tf.float32)
optimizer = tf.keras.optimizers.SGD(0.01, momentum=0.9)


def train() -> None:
    with tf.GradientTape() as tape:
        logits = model(x, training=True)
        loss = tf.reduce_mean(
            tf.nn.sigmoid_cross_entropy_with_logits(labels=y, logits=logits)
        )
    variables = model.trainable_variables
    optimizer.apply_gradients(zip(tape.gradient(loss, variables), variables))
    loss.numpy()


def infer() -> None:
    tf.sigmoid(model(x, training=False)).numpy()


step = train if request["mode"] == "train" else infer
parameters = sum(int(tf.size(each)) for each in model.trainable_variables)
seconds = time_steps(step, request) if request["steps"] > 0 else []
report(tf.__version__, seconds, parameters=parameters)
