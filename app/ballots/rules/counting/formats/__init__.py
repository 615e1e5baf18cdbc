"""Files in and out: each format reads text into an `Election` and writes one, or says why not.

    preflib   .soc .soi .toc .toi   rankings
    blt       .blt                  rankings, seats, withdrawn candidates
    table     .csv                  picks, points, rankings or channels, for spreadsheets
    document  .json                 everything
    pabulib   .pb                   projects with costs, as cities publish them, oddities noted

In the last two a candidate's id is the file's own, elsewhere its number on the paper, from 1.
"""
