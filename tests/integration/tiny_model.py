"""A language model of a million random weights, made on the spot: right in every shape, and it knows nothing.

    python tiny_model.py FOLDER

Runs in vLLM's own environment. The tokenizer is trained on the project's own prompts and notes. Real vLLM serving this
proves the protocol between us and vLLM; it says nothing about how well any language model reads.
"""

# tokenizers and transformers are typed only in part.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false

import sys
from pathlib import Path
from typing import Any

import torch
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
from transformers import PreTrainedTokenizerFast, Qwen3Config, Qwen3ForCausalLM

ROOT = Path(__file__).parents[2]
TEXTS = ("prompts/**/*.md", "knowledge/guidance/*.yaml", "agent/child/*.yaml", "knowledge/factors.csv")
SPECIAL = ("<|endoftext|>", "<|im_start|>", "<|im_end|>", "<tool_call>", "</tool_call>", "<think>", "</think>")
VOCABULARY = 4_096
CONTEXT = 32_768

# Qwen's way of writing turns, tools and calls, which vLLM's `hermes` parser reads.
TEMPLATE = """\
{%- macro turn(role, text) %}{{ '<|im_start|>' + role + '\\n' + (text or '') + '<|im_end|>\\n' }}{% endmacro %}
{%- set system = messages[0].content if messages[0].role == 'system' else '' %}
{%- if tools %}
{%- set listed %}{% for tool in tools %}{{ tool | tojson }}{{ '\\n' }}{% endfor %}{% endset %}
{{- turn('system', system + '\\n<tools>\\n' + listed + '</tools>') }}
{%- elif system %}{{- turn('system', system) }}
{%- endif %}
{%- for message in messages %}
{%- if message.role == 'tool' %}{{- turn('user', '<tool_response>\\n' + message.content + '\\n</tool_response>') }}
{%- elif message.role == 'assistant' %}
{%- set calls %}{% for call in message.tool_calls or [] %}{{ '<tool_call>\\n{"name": "' + call.function.name +
'", "arguments": ' }}{{ call.function.arguments if call.function.arguments is string else
call.function.arguments | tojson }}{{ '}\\n</tool_call>' }}{% endfor %}{% endset %}
{{- turn('assistant', (message.content or '') + calls) }}
{%- elif not (loop.first and message.role == 'system') %}{{- turn(message.role, message.content) }}
{%- endif %}
{%- endfor %}
{%- if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}"""


def tokenizer() -> PreTrainedTokenizerFast:
    """Byte-level pairs over our own text, with the marks Qwen's models use."""
    made: Any = Tokenizer(models.BPE())
    made.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    made.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=VOCABULARY,
        special_tokens=list(SPECIAL),
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    files = sorted(str(path) for pattern in TEXTS for path in ROOT.glob(pattern))
    made.train(files, trainer)
    return PreTrainedTokenizerFast(
        tokenizer_object=made,
        eos_token="<|im_end|>",
        pad_token="<|endoftext|>",
        model_max_length=CONTEXT,
        clean_up_tokenization_spaces=False,
        chat_template=TEMPLATE,
    )


def save(folder: Path) -> None:
    """Write a model folder of the kind every hub holds: configuration, weights, tokenizer, chat template."""
    tokens: Any = tokenizer()
    config = Qwen3Config(
        vocab_size=len(tokens),
        hidden_size=128,
        intermediate_size=384,
        num_hidden_layers=2,
        num_attention_heads=4,
        num_key_value_heads=2,
        head_dim=32,
        max_position_embeddings=CONTEXT,
        tie_word_embeddings=True,
        eos_token_id=tokens.convert_tokens_to_ids("<|im_end|>"),
        pad_token_id=tokens.pad_token_id,
    )
    torch.manual_seed(20261122)
    model: Any = Qwen3ForCausalLM(config)
    model.save_pretrained(folder)
    tokens.save_pretrained(folder)


if __name__ == "__main__":
    save(Path(sys.argv[1]))
