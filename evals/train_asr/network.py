"""The embedded recognizer's network: a small cache-aware FastConformer with RNN-T and CTC heads, as NeMo builds it."""

# NeMo and OmegaConf are typed in part only.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false

import logging
from pathlib import Path
from typing import Any, cast

import torch

CONTEXTS = [[112, 7], [112, 13], [112, 3]]
"""Attention in encoder frames of 40 ms, left and right: 320 ms chunks first, 560 and 160 ms also learnt."""
CONTEXT_SHARES = [0.7, 0.15, 0.15]
WHOLE = [112, 112]
"""Attention of a second hearing, which has all of the utterance: four and a half seconds either way."""
HOP = 640
"""Samples of one encoder frame."""


def tokenizer(texts: list[str], folder: Path, size: int = 64) -> None:
    """A byte-pair tokenizer of `size` pieces, all letters among them, written where NeMo looks for it."""
    import sentencepiece

    folder.mkdir(parents=True, exist_ok=True)
    (folder / "text.txt").write_text("\n".join(texts), encoding="utf-8")
    sentencepiece.SentencePieceTrainer.train(
        input=str(folder / "text.txt"), model_prefix=str(folder / "tokenizer"), vocab_size=size, model_type="bpe",
        character_coverage=1.0, bos_id=-1, eos_id=-1, unk_id=0, normalization_rule_name="identity",
        required_chars="abcdefghijklmnopqrstuvwxyzåäö",
    )  # fmt: skip
    pieces = sentencepiece.SentencePieceProcessor(model_file=str(folder / "tokenizer.model"))
    names = [pieces.id_to_piece(index) for index in range(1, pieces.get_piece_size())]
    lines = [name[1:] if name.startswith("▁") else "##" + name for name in names]
    (folder / "vocab.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")


def config(tokens: Path, width: int = 128, layers: int = 7) -> dict[str, Any]:
    """NeMo's configuration; features stay unnormalised because the streaming pipelines switch normalisation off."""
    encoder = {
        "_target_": "nemo.collections.asr.modules.ConformerEncoder", "feat_in": 80, "feat_out": -1, "n_layers": layers,
        "d_model": width, "use_bias": True, "subsampling": "dw_striding", "subsampling_factor": 4,
        "subsampling_conv_channels": 32, "causal_downsampling": True, "ff_expansion_factor": 4, "n_heads": 4,
        "self_attention_model": "rel_pos", "att_context_size": CONTEXTS, "att_context_style": "chunked_limited",
        "att_context_probs": None, "xscaling": True, "pos_emb_max_len": 5000, "conv_kernel_size": 9,
        "conv_norm_type": "layer_norm", "conv_context_size": "causal", "dropout": 0.0, "dropout_pre_encoder": 0.0,
        "dropout_emb": 0.0, "dropout_att": 0.0, "stochastic_depth_drop_prob": 0.0,
    }  # fmt: skip
    return {
        "sample_rate": 16_000, "compute_eval_loss": False, "log_prediction": False, "use_cer": False,
        "model_defaults": {"enc_hidden": width, "pred_hidden": width, "joint_hidden": width},
        "train_ds": None, "validation_ds": None, "test_ds": None,
        "tokenizer": {"dir": str(tokens), "type": "bpe"},
        "preprocessor": {
            "_target_": "nemo.collections.asr.modules.AudioToMelSpectrogramPreprocessor", "sample_rate": 16_000,
            "normalize": "NA", "window_size": 0.025, "window_stride": 0.01, "window": "hann", "features": 80,
            "n_fft": 512, "frame_splicing": 1, "dither": 1e-5, "pad_to": 0,
        },
        "spec_augment": {
            "_target_": "nemo.collections.asr.modules.SpectrogramAugmentation", "freq_masks": 1, "time_masks": 4,
            "freq_width": 15, "time_width": 0.03,
        },
        "encoder": encoder,
        "decoder": {
            "_target_": "nemo.collections.asr.modules.RNNTDecoder", "normalization_mode": None,
            "random_state_sampling": False, "blank_as_pad": True,
            "prednet": {"pred_hidden": width, "pred_rnn_layers": 1, "t_max": None, "dropout": 0.0},
        },
        "joint": {
            "_target_": "nemo.collections.asr.modules.RNNTJoint", "log_softmax": None, "preserve_memory": False,
            "fuse_loss_wer": False, "jointnet": {"joint_hidden": width, "activation": "relu", "dropout": 0.0},
        },
        "decoding": {"strategy": "greedy_batch", "greedy": {"max_symbols": 10}, "beam": {"beam_size": 2}},
        "aux_ctc": {
            "ctc_loss_weight": 0.3, "use_cer": False, "ctc_reduction": "mean_batch", "decoding": {"strategy": "greedy"},
            "decoder": {
                "_target_": "nemo.collections.asr.modules.ConvASRDecoder", "feat_in": None, "num_classes": -1,
                "vocabulary": [],
            },
        },
        "interctc": {"loss_weights": [], "apply_at_layers": []},
        "loss": {"loss_name": "default", "warprnnt_numba_kwargs": {"fastemit_lambda": 0.005, "clamp": -1.0}},
        "optim": {"name": "adamw", "lr": 1e-3, "betas": [0.9, 0.98], "weight_decay": 1e-3},
    }  # fmt: skip


def quiet() -> None:
    """NeMo's loggers say nothing below an error."""
    logging.disable(logging.WARNING)
    from nemo.utils import logging as nemo_logging

    nemo_logging.setLevel(40)


def fresh(tokens: Path) -> Any:
    """A network that has learnt nothing, with the features' mean and spread folded into the first convolution."""
    from nemo.collections.asr.models import EncDecHybridRNNTCTCBPEModel
    from omegaconf import OmegaConf

    model: Any = EncDecHybridRNNTCTCBPEModel(cfg=OmegaConf.create(config(tokens)), trainer=cast(Any, None))
    first = model.encoder.pre_encode.conv[0]
    with torch.no_grad():
        first.bias.add_(2.0 * first.weight.sum(dim=(1, 2, 3)))
        first.weight.div_(4.0)
    return prepare(model)


def load(path: Path) -> Any:
    """A network from a `.nemo` file, on the CPU."""
    from nemo.collections.asr.models import ASRModel

    return prepare(ASRModel.restore_from(str(path), map_location=torch.device("cpu")))


def hears_whole(model: Any) -> bool:
    """Whether the network is for a second hearing, with its CTC head alone."""
    return model.encoder.att_context_style == "regular"


def whole(model: Any) -> Any:
    """The same network for a second hearing: attention goes both ways, and each convolution as far ahead as back.

    The new weights of the convolutions are nought at first, so nothing learnt is lost. Its RNN-T head is left behind.
    """
    encoder = model.encoder
    for layer in encoder.layers:
        layer.conv.depthwise_conv = _both_ways(layer.conv.depthwise_conv)
    encoder.att_context_style, encoder.att_context_size, encoder.att_context_size_all = "regular", WHOLE, [WHOLE]
    wider = {"conv_kernel_size": 2 * model.cfg.encoder.conv_kernel_size - 1, "conv_context_size": None}
    model.cfg.encoder.update({"att_context_style": "regular", "att_context_size": WHOLE, **wider})
    return model


def _both_ways(past: Any) -> Any:
    from nemo.collections.asr.parts.submodules.causal_convs import CausalConv1D

    back = past.kernel_size[0] - 1
    made: Any = CausalConv1D(
        past.in_channels, past.out_channels, 2 * back + 1, padding=back, groups=past.groups, bias=past.bias is not None
    )
    with torch.no_grad():
        made.weight.zero_()
        made.weight[..., : back + 1] = past.weight
        if past.bias is not None:
            made.bias.copy_(past.bias)
    return made


def without_ear(model: Any) -> Any:
    """The convolutions that make 40 ms frames of sound are left as they are, and cost no backward pass."""
    for parameter in model.encoder.pre_encode.parameters():
        parameter.requires_grad_(False)
    return model


def mixed(new: Any, old: Any, share: float) -> Any:
    """`new` with the weighted mean of both networks' weights: what one run learned last and the other not evens out.

    They must be of one build, and `new` trained on from `old`.
    """
    before = old.state_dict()
    mean = {
        name: torch.lerp(before[name], value, share) if value.is_floating_point() else value
        for name, value in new.state_dict().items()
    }
    new.load_state_dict(mean)
    return new


def prepare(model: Any) -> Any:
    """Contexts in the shares we train, and no dropout in the joint, where it costs a tenth of a step."""
    if not hears_whole(model):
        model.encoder.att_context_probs = CONTEXT_SHARES
    model.joint.log_softmax = False  # the loss takes raw scores
    for module in [*model.joint.modules(), *model.decoder.modules()]:
        if isinstance(module, torch.nn.Dropout):
            module.p = 0.0
        if isinstance(module, torch.nn.LSTM):
            module.dropout = 0.0
    return model
