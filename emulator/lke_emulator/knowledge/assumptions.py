"""What neither a document nor a real response settles about apps and what they know."""

from typing import Annotated, Literal

import msgspec

from lke_emulator.billing.assumptions import BillingAssumptions
from lke_emulator.primitives.evidence import documented, inferred, observed

Seconds = Annotated[float, msgspec.Meta(ge=0, le=10**6)]


class KnowledgeAssumptions(BillingAssumptions, frozen=True, forbid_unknown_fields=True, kw_only=True):
    app_key_length: Annotated[
        int, msgspec.Meta(ge=4, le=128), observed("examples of API pages and configurations of public clients")
    ] = 128
    """Characters of an AppKey; keys of 8 and of 128 letters are in use."""
    category_depth: Annotated[int, msgspec.Meta(ge=1, le=100), inferred("no limit is published")] = 10
    """How many categories can be one under another."""
    document_parsing_s: Annotated[Seconds, inferred("no duration is published")] = 1
    """How long a saved document is parsed (status 17); no duration of the cloud is published."""
    document_auditing_s: Annotated[Seconds, inferred("no duration is published")] = 0.5
    """How long it is audited then (7)."""
    document_learning_s: Annotated[Seconds, inferred("no duration is published")] = 0.5
    """How long it is learned then (13), before it is there (10)."""
    qa_auditing_s: Annotated[Seconds, inferred("no duration is published")] = 0
    """How long a Q&A that was written or changed is audited (7)."""
    qa_learning_s: Annotated[Seconds, inferred("no duration is published")] = 0.5
    """How long it is learned then (19), before it is there (2)."""
    qa_generation_s: Annotated[Seconds, inferred("no duration is published")] = 1
    """How long Q&A are generated from a document."""
    restoring_s: Annotated[Seconds, inferred("no duration is published")] = 1
    """How long isolated knowledge is in its state of restoration (document 22, Q&A 14)."""
    release_s: Annotated[
        Seconds, inferred("no duration is published; a public client asks once a second for a minute")
    ] = 3
    """How long a release takes."""
    task_s: Annotated[Seconds, inferred("no duration is published")] = 1
    """How long changing and exporting attribute labels take."""
    workflow_node_s: Annotated[Seconds, inferred("no duration is published")] = 0.5
    """How long a node of a workflow runs."""
    saved_objects: Annotated[
        Literal["any", "required"], inferred("no document says that SaveDoc looks at the object")
    ] = "any"
    """Whether SaveDoc needs the object at CosUrl to be there; that SaveDoc looks is documented nowhere."""
    save_doc_verify: Annotated[
        bool, inferred("CosHash, ETag and Size are required members of SaveDoc; what they are held against is not said")
    ] = True
    """Whether SaveDoc holds Size, CosHash and ETag against the object at CosUrl, where there is one."""
    adp_file_id_source: Annotated[
        Literal["any", "upload_path"],
        inferred("ImportDocList wants ids of a file management service that no document defines"),
    ] = "any"
    """What FileId of ImportDocList can be: the path of an uploaded object alone, or anything else too, of which the document is
    made up; where such ids come from is documented nowhere."""
    save_doc_duplicate: Annotated[
        Literal["error", "error_msg_member"],
        observed("a text of error 450020 that a public client had; ErrorMsg is a documented member of the answer too"),
    ] = "error"
    """How a document of the same CosHash is refused: as an error, or in the member ErrorMsg of an answer without id."""
    unpaid_parsing: Annotated[
        Literal["refuse", "fail"], inferred("no page says how an account that has run out saves a document")
    ] = "refuse"
    """What becomes of a document whose parsing nothing would pay for: SaveDoc is refused, or the document fails to be parsed."""
    parsing_meters: Annotated[
        Literal["pages", "pages_and_split"],
        inferred("captions of PageUsage and SplitTokenUsage; their SubBizType is nowhere"),
    ] = "pages_and_split"
    """What the parsing of a saved document counts as: its pages, or also the tokens that are split."""
    generated_qa: Annotated[int, msgspec.Meta(ge=1, le=100), inferred("no number is published")] = 3
    """Q&A that are generated from a document, at most."""
    config_preview_action: Annotated[
        Literal["modified", "action"], documented("example of ListReleaseConfigPreview")
    ] = "modified"
    """Action of ListReleaseConfigPreview: 2 in every row as documented by example, or 1 for what was empty before."""
    preview_url_ttl_s: Annotated[Seconds, observed("sign times of an address in the example of GetDocPreview")] = 3600
    """How long the addresses of GetDocPreview are good for."""
    qa_similarity: Annotated[
        float, msgspec.Meta(ge=0, le=1), inferred("the default of the console's slider is not in the API")
    ] = 0.75
    """How similar a question must be to a Q&A or a rejected question, from 0 to 1, where the app's own setting is absent."""
    tokens_per_pu: Annotated[
        int,
        msgspec.Meta(ge=1, le=10**12),
        documented("example of adp's usage: 8970 tokens are 0.00897 PU; real rates are not public"),
    ] = 1_000_000
    """Tokens of one PU in adp's usage; 8970 tokens are 0.00897 PU in the one documented example, real rates are not public."""
