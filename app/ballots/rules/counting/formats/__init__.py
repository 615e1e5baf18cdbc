"""Files in and out: each format reads text into an `Election` and writes one, or says why not.

    preflib   .soc .soi .toc .toi   rankings
    blt       .blt                  rankings, seats, withdrawn candidates
    table     .csv                  picks, points or rankings, for spreadsheets
    document  .json                 everything

Except in `document` a candidate's id is its number on the paper, from 1.
"""
